package dev.freeway.ingress;

/// What is counted, by the names of CloudWatch's AWS/ApplicationELB metrics. Sums since the start.
public enum Metric {
  REQUEST_COUNT("RequestCount"),
  NEW_CONNECTION_COUNT("NewConnectionCount"),
  PROCESSED_BYTES("ProcessedBytes"),
  HTTP_REDIRECT_COUNT("HTTP_Redirect_Count"),
  HTTP_FIXED_RESPONSE_COUNT("HTTP_Fixed_Response_Count"),
  TARGET_CONNECTION_ERROR_COUNT("TargetConnectionErrorCount"),
  CLIENT_TLS_NEGOTIATION_ERROR_COUNT("ClientTLSNegotiationErrorCount"),
  ELB_3XX("HTTPCode_ELB_3XX_Count"),
  ELB_4XX("HTTPCode_ELB_4XX_Count"),
  ELB_5XX("HTTPCode_ELB_5XX_Count"),
  ELB_502("HTTPCode_ELB_502_Count"),
  ELB_503("HTTPCode_ELB_503_Count"),
  ELB_504("HTTPCode_ELB_504_Count"),
  DESYNC_NON_COMPLIANT_REQUEST_COUNT("DesyncMitigationMode_NonCompliant_Request_Count"),
  TARGET_2XX("HTTPCode_Target_2XX_Count"),
  TARGET_3XX("HTTPCode_Target_3XX_Count"),
  TARGET_4XX("HTTPCode_Target_4XX_Count"),
  TARGET_5XX("HTTPCode_Target_5XX_Count"),
  /// The sum in nanoseconds; divide by the four counts above for the average.
  TARGET_RESPONSE_NANOS("TargetResponseTime");

  private final String wireName;

  Metric(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
