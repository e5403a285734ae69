"""Runs Python handlers by the Lambda runtime API."""
import base64
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
BASE = "/2018-06-01/runtime/"
JSON_LOGS = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


class Failure(Exception):
    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.kind, self.trace = kind, list(trace)


def call(connection, method, path, body=None, headers=None):
    connection.request(method, BASE + path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


class Client:
    def __init__(self, given):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, given.get(name))


class ClientContext:
    def __init__(self, given):
        self.client = Client(given.get("client") or {})
        self.custom = given.get("custom")
        self.env = given.get("env")


class Identity:
    def __init__(self, given):
        self.cognito_identity_id = given.get("cognitoIdentityId")
        self.cognito_identity_pool_id = given.get("cognitoIdentityPoolId")


class Context:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = env["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = env["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = env["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = env["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = None
        given = headers.get("Lambda-Runtime-Client-Context")
        if given:
            self.client_context = ClientContext(json.loads(given))
        self.identity = Identity(json.loads(headers.get("Lambda-Runtime-Cognito-Identity") or "{}"))
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Lines(logging.Handler):
    """One event of the log per message, whatever lines it has."""

    def emit(self, record):
        sys.stdout.write(self.format(record).replace("\n", "\r") + "\n")


class WithRequest(logging.Filter):
    request = ""

    def filter(self, record):
        record.aws_request_id = WithRequest.request
        return True


class JsonFormat(logging.Formatter):
    def format(self, record):
        line = {"timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"), "level": record.levelname,
                "message": record.getMessage(), "logger": record.name, "requestId": WithRequest.request}
        if record.exc_info:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line)


def set_up_logging():
    lines = Lines()
    if JSON_LOGS:
        form = JsonFormat()
    else:
        form = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s",
                                 "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    lines.setFormatter(form)
    lines.addFilter(WithRequest())
    logging.getLogger().addHandler(lines)
    if JSON_LOGS:
        logging.getLogger().setLevel(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO").replace("TRACE", "DEBUG"))


def load(handler):
    module, dot, name = handler.rpartition(".")
    if not dot:
        raise Failure("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler)
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as e:
        raise Failure("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module, e))
    except SyntaxError as e:
        raise Failure("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module, e),
                      ['  File "%s" Line %s\n    %s\n' % (e.filename, e.lineno, e.text)])
    if not hasattr(loaded, name):
        raise Failure("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (name, module))
    return getattr(loaded, name)


def told(error, request):
    if isinstance(error, Failure):
        return {"errorMessage": str(error), "errorType": error.kind, "requestId": request, "stackTrace": error.trace}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    return {"errorMessage": str(error), "errorType": type(error).__name__, "requestId": request,
            "stackTrace": traceback.format_list(frames)}


def log_error(error):
    if JSON_LOGS:
        print(json.dumps({"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "log_level": "ERROR", **error}))
        return
    text = "[ERROR] %s: %s" % (error["errorType"], error["errorMessage"])
    if error["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(error["stackTrace"])
    print(text.rstrip("\n").replace("\n", "\r"))


def end_of_log(request):
    """Tells Freeway that everything this invocation wrote has been written."""
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
        try:
            os.write(number, b"\x01freeway:end:" + request.encode() + b"\n")
        except OSError:
            pass


def post_error(connection, path, error):
    call(connection, "POST", path, json.dumps(error).encode(),
         {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": error["errorType"]})


def main():
    sys.stdout.reconfigure(line_buffering=True)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    sys.path[1:1] = [p for p in ("/opt/python/lib/python%d.%d/site-packages" % sys.version_info[:2], "/opt/python")
                     if os.path.isdir(p)]
    set_up_logging()
    connection = http.client.HTTPConnection(API)
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as e:
        error = told(e, "")
        log_error(error)
        end_of_log("init")
        post_error(connection, "init/error", error)
        sys.exit(1)
    while True:
        answer, body = call(connection, "GET", "invocation/next")
        request = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        WithRequest.request = request
        os.environ["_X_AMZN_TRACE_ID"] = answer.headers.get("Lambda-Runtime-Trace-Id", "")
        error = None
        try:
            try:
                event = json.loads(body)
            except ValueError as e:
                raise Failure("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % e)
            result = handler(event, Context(answer.headers))
            try:
                reply = json.dumps(result, ensure_ascii=False, allow_nan=True).encode()
            except Exception as e:
                raise Failure("Runtime.MarshalError", "Unable to marshal response: %s" % e)
        except Exception as e:
            error = told(e, request)
            log_error(error)
        end_of_log(request)
        if error:
            post_error(connection, "invocation/%s/error" % request, error)
        else:
            call(connection, "POST", "invocation/%s/response" % request, reply, {"Content-Type": "application/json"})


if __name__ == "__main__":
    # Its own folder is not where modules come from.
    sys.path.pop(0)
    try:
        main()
    except (ConnectionError, http.client.HTTPException):
        # Freeway is gone, and this environment with it.
        sys.exit(0)
