package dev.freeway.lambda;

import dev.freeway.lambda.api.CreateFunctionRequest;
import dev.freeway.lambda.api.DeadLetterConfig;
import dev.freeway.lambda.api.Environment;
import dev.freeway.lambda.api.EnvironmentResponse;
import dev.freeway.lambda.api.EphemeralStorage;
import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.lambda.api.ImageConfig;
import dev.freeway.lambda.api.ImageConfigResponse;
import dev.freeway.lambda.api.LoggingConfig;
import dev.freeway.lambda.api.RuntimeVersionConfig;
import dev.freeway.lambda.api.SnapStart;
import dev.freeway.lambda.api.SnapStartResponse;
import dev.freeway.lambda.api.TracingConfig;
import dev.freeway.lambda.api.TracingConfigResponse;
import dev.freeway.lambda.api.UpdateFunctionConfigurationRequest;
import dev.freeway.lambda.api.VpcConfig;
import dev.freeway.lambda.api.VpcConfigResponse;
import dev.freeway.lambda.uses.ec2.DescribeSubnetsRequest;
import dev.freeway.lambda.uses.ec2.Ec2Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a function's configuration from what was asked for and AWS's defaults.
record Configurations(Platform platform) {
  private static final DateTimeFormatter MODIFIED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS+0000").withZone(ZoneOffset.UTC);
  private static final int SECONDS = 3;
  private static final int MEGABYTES = 128;
  private static final int STORAGE = 512;

  static String modified(Instant at) {
    return MODIFIED.format(at);
  }

  FunctionConfiguration of(Call call, CreateFunctionRequest in, FunctionRef ref) {
    String kind = in.packageType() == null ? "Zip" : in.packageType();
    return FunctionConfiguration.builder()
        .functionName(ref.name())
        .functionArn(ref.functionArn())
        .runtime(in.runtime())
        .role(in.role())
        .handler(in.handler())
        .description(in.description() == null ? "" : in.description())
        .timeout(in.timeout() == null ? SECONDS : in.timeout())
        .memorySize(in.memorySize() == null ? MEGABYTES : in.memorySize())
        .lastModified(modified(call.at()))
        .version(FunctionRef.LATEST)
        .vpcConfig(vpc(call, in.vpcConfig()))
        .deadLetterConfig(deadLetters(in.deadLetterConfig()))
        .environment(environment(in.environment()))
        .kmsKeyArn(in.kmsKeyArn())
        .tracingConfig(tracing(in.tracingConfig()))
        .revisionId(Ids.uuid())
        .fileSystemConfigs(in.fileSystemConfigs())
        .packageType(kind)
        .imageConfigResponse(image(in.imageConfig()))
        .architectures(in.architectures() == null ? List.of("x86_64") : in.architectures())
        .ephemeralStorage(
            in.ephemeralStorage() == null ? new EphemeralStorage(STORAGE) : in.ephemeralStorage())
        .snapStart(snapStart(in.snapStart()))
        .runtimeVersionConfig(kind.equals("Zip") ? runtimeVersion(call, in.runtime()) : null)
        .loggingConfig(logging(in.loggingConfig(), ref.name()))
        .build();
  }

  FunctionConfiguration changed(
      Call call, FunctionConfiguration was, UpdateFunctionConfigurationRequest in) {
    FunctionConfiguration.Builder b = was.toBuilder();
    if (in.role() != null) {
      b.role(in.role());
    }
    if (in.handler() != null) {
      b.handler(in.handler());
    }
    if (in.description() != null) {
      b.description(in.description());
    }
    if (in.timeout() != null) {
      b.timeout(in.timeout());
    }
    if (in.memorySize() != null) {
      b.memorySize(in.memorySize());
    }
    if (in.vpcConfig() != null) {
      b.vpcConfig(vpc(call, in.vpcConfig()));
    }
    if (in.environment() != null) {
      b.environment(environment(in.environment()));
    }
    if (in.runtime() != null) {
      b.runtime(in.runtime()).runtimeVersionConfig(runtimeVersion(call, in.runtime()));
    }
    if (in.deadLetterConfig() != null) {
      b.deadLetterConfig(deadLetters(in.deadLetterConfig()));
    }
    if (in.kmsKeyArn() != null) {
      b.kmsKeyArn(in.kmsKeyArn().isEmpty() ? null : in.kmsKeyArn());
    }
    if (in.tracingConfig() != null) {
      b.tracingConfig(tracing(in.tracingConfig()));
    }
    if (in.fileSystemConfigs() != null) {
      b.fileSystemConfigs(in.fileSystemConfigs());
    }
    if (in.imageConfig() != null) {
      b.imageConfigResponse(image(in.imageConfig()));
    }
    if (in.ephemeralStorage() != null) {
      b.ephemeralStorage(in.ephemeralStorage());
    }
    if (in.snapStart() != null) {
      b.snapStart(snapStart(in.snapStart()));
    }
    if (in.loggingConfig() != null) {
      b.loggingConfig(logging(in.loggingConfig(), was.functionName()));
    }
    return b.build();
  }

  private @Nullable VpcConfigResponse vpc(Call call, @Nullable VpcConfig in) {
    if (in == null) {
      return null;
    }
    List<String> subnets = in.subnetIds() == null ? List.of() : in.subnetIds();
    List<String> groups = in.securityGroupIds() == null ? List.of() : in.securityGroupIds();
    String vpc = "";
    if (!subnets.isEmpty()) {
      try {
        var ask = DescribeSubnetsRequest.builder().subnetIds(subnets).build();
        vpc =
            platform
                .clients()
                .call(call, Ec2Api.DESCRIBE_SUBNETS, ask)
                .subnets()
                .getFirst()
                .vpcId();
      } catch (AwsException e) {
        throw FunctionChecks.invalid(
            "Error occurred while DescribeSubnets. EC2 Error Code: "
                + e.code()
                + ". EC2 Error Message: "
                + e.message());
      }
    }
    return VpcConfigResponse.builder()
        .subnetIds(subnets)
        .securityGroupIds(groups)
        .vpcId(vpc)
        .ipv6AllowedForDualStack(Boolean.TRUE.equals(in.ipv6AllowedForDualStack()))
        .build();
  }

  private static @Nullable DeadLetterConfig deadLetters(@Nullable DeadLetterConfig in) {
    return in == null || in.targetArn() == null || in.targetArn().isEmpty() ? null : in;
  }

  private static @Nullable EnvironmentResponse environment(@Nullable Environment in) {
    return in == null || in.variables() == null || in.variables().isEmpty()
        ? null
        : EnvironmentResponse.builder().variables(in.variables()).build();
  }

  private static TracingConfigResponse tracing(@Nullable TracingConfig in) {
    return new TracingConfigResponse(in == null || in.mode() == null ? "PassThrough" : in.mode());
  }

  private static @Nullable ImageConfigResponse image(@Nullable ImageConfig in) {
    return in == null ? null : ImageConfigResponse.builder().imageConfig(in).build();
  }

  private static SnapStartResponse snapStart(@Nullable SnapStart in) {
    String on = in == null || in.applyOn() == null ? "None" : in.applyOn();
    return new SnapStartResponse(on, "Off");
  }

  private static LoggingConfig logging(@Nullable LoggingConfig in, String name) {
    LoggingConfig.Builder b = in == null ? LoggingConfig.builder() : in.toBuilder();
    String format = in == null || in.logFormat() == null ? "Text" : in.logFormat();
    boolean json = format.equals("JSON");
    return b.logFormat(format)
        .logGroup(in == null || in.logGroup() == null ? "/aws/lambda/" + name : in.logGroup())
        .applicationLogLevel(json ? or(in == null ? null : in.applicationLogLevel()) : null)
        .systemLogLevel(json ? or(in == null ? null : in.systemLogLevel()) : null)
        .build();
  }

  private static String or(@Nullable String level) {
    return level == null ? "INFO" : level;
  }

  private static RuntimeVersionConfig runtimeVersion(Call call, String runtime) {
    return RuntimeVersionConfig.builder()
        .runtimeVersionArn(
            "arn:aws:lambda:" + call.region() + "::runtime:" + CodeStore.sha256(runtime))
        .build();
  }
}
