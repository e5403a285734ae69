// Runs Node.js handlers by the Lambda runtime API.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const url = require('url');
const util = require('util');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const jsonLogs = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
let request = '';

function call(method, what, body, headers) {
  return new Promise((resolve, reject) => {
    const out = http.request(
      { host, port, agent, method, path: '/2018-06-01/runtime/' + what,
        headers: body === undefined ? headers : { 'Content-Length': Buffer.byteLength(body), ...headers } },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(parts).toString() }));
        answer.on('error', reject);
      });
    out.on('error', reject);
    out.end(body);
  });
}

function write(number, text) {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(number, bytes));
    } catch (e) {
      if (e.code !== 'EAGAIN') return;
    }
  }
}

// One event of the log per message, whatever lines it has.
function log(level, number) {
  return (...words) => {
    if (jsonLogs) {
      const message = words.length === 1 && typeof words[0] === 'object' && !(words[0] instanceof Error)
        ? words[0] : util.format(...words);
      write(number, JSON.stringify({ timestamp: new Date().toISOString(), level, requestId: request || undefined, message }) + '\n');
      return;
    }
    const line = [new Date().toISOString(), request || 'undefined', level, util.format(...words)].join('\t');
    write(number, line.replace(/\n/g, '\r') + '\n');
  };
}
console.log = console.info = log('INFO', 1);
console.debug = log('DEBUG', 1);
console.trace = log('TRACE', 1);
console.warn = log('WARN', 2);
console.error = log('ERROR', 2);

// Tells Freeway that everything this invocation wrote has been written.
function endOfLog(id) {
  write(1, '\u0001freeway:end:' + id + '\n');
  write(2, '\u0001freeway:end:' + id + '\n');
}

function failure(type, message) {
  const e = new Error(message);
  e.name = type;
  e.stack = type + ': ' + message;
  return e;
}

function told(e) {
  if (e instanceof Error || (e && typeof e.message === 'string' && e.stack)) {
    return { errorType: e.name || 'Error', errorMessage: e.message, trace: String(e.stack || '').split('\n') };
  }
  return { errorType: typeof e, errorMessage: e === undefined ? 'undefined' : String(e), trace: [] };
}

async function post(what, error, type) {
  await call('POST', what, JSON.stringify(error),
    { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': type || error.errorType });
}

function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
    if (folder === path.dirname(folder)) return false;
  }
}

async function load(root, handler) {
  const base = path.basename(handler);
  const folder = handler.substring(0, handler.length - base.length);
  const dot = base.indexOf('.');
  if (dot <= 0 || handler.includes('..')) {
    throw failure('Runtime.MalformedHandlerName', `Bad handler '${handler}'`);
  }
  const module = base.substring(0, dot);
  const names = base.substring(dot + 1).split('.');
  const whole = path.resolve(root, folder, module);
  const file = ['.js', '.mjs', '.cjs', ''].map((x) => whole + x).find((x) => fs.existsSync(x) && fs.statSync(x).isFile());
  let loaded;
  try {
    loaded = file && isModule(file) ? await import(url.pathToFileURL(file).href) : require(file || whole);
  } catch (e) {
    if (e instanceof SyntaxError) {
      const told = failure('Runtime.UserCodeSyntaxError', String(e));
      told.stack = told.stack + '\n' + e.stack;
      throw told;
    }
    if (e && (e.code === 'MODULE_NOT_FOUND' || e.code === 'ERR_MODULE_NOT_FOUND')) {
      throw failure('Runtime.ImportModuleError', String(e));
    }
    throw e;
  }
  const found = (from) => names.reduce((at, name) => (at === undefined || at === null ? undefined : at[name]), from);
  const result = found(loaded) !== undefined ? found(loaded) : found(loaded.default);
  if (result === undefined) throw failure('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof result !== 'function') throw failure('Runtime.HandlerNotFound', `${handler} is not a function`);
  return result;
}

function context(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const env = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: headers['lambda-runtime-client-context'] ? JSON.parse(headers['lambda-runtime-client-context']) : undefined,
    identity: headers['lambda-runtime-cognito-identity'] ? JSON.parse(headers['lambda-runtime-cognito-identity']) : undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

let give = null;
// Nothing is left to happen: what the callback said is the answer.
process.on('beforeExit', () => { if (give) give(); });

function run(handler, event, about) {
  return new Promise((resolve, reject) => {
    let said = { value: null };
    give = () => ('error' in said ? reject(said.error) : resolve(said.value));
    const callback = (error, value) => {
      said = error !== null && error !== undefined ? { error } : { value };
      if (!about.callbackWaitsForEmptyEventLoop) give();
    };
    about.done = callback;
    about.succeed = (value) => { said = { value }; give(); };
    about.fail = (error) => { said = { error }; give(); };
    const result = handler(event, about, callback);
    if (result && typeof result.then === 'function') result.then(resolve, reject);
    else if (result !== undefined && handler.length < 3) resolve(result);
  }).finally(() => { give = null; });
}

async function main() {
  let handler;
  try {
    handler = await load(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (e) {
    const error = told(e);
    console.error('Uncaught Exception', '\t', JSON.stringify(error));
    endOfLog('init');
    await post('init/error', error);
    process.exit(1);
  }
  const fatal = (kind) => async (e) => {
    const error = told(e);
    if (kind) {
      error.reason = { errorType: error.errorType, errorMessage: error.errorMessage, trace: error.trace };
      error.errorMessage = String(e);
      error.errorType = kind;
    }
    console.error(kind ? 'Unhandled Promise Rejection' : 'Uncaught Exception', '\t', JSON.stringify(error));
    endOfLog(request);
    await post(`invocation/${request}/error`, error, kind || 'Runtime.UncaughtException').catch(() => {});
    process.exit(128);
  };
  process.on('uncaughtException', fatal(null));
  process.on('unhandledRejection', fatal('Runtime.UnhandledPromiseRejection'));
  for (;;) {
    const next = await call('GET', 'invocation/next').catch(() => process.exit(0));
    request = next.headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] || '';
    let error;
    let reply;
    try {
      const result = await run(handler, JSON.parse(next.body), context(next.headers));
      reply = JSON.stringify(result === undefined ? null : result);
    } catch (e) {
      error = told(e);
      console.error('Invoke Error', '\t', JSON.stringify({ errorType: error.errorType, errorMessage: error.errorMessage, stack: error.trace }));
    }
    endOfLog(request);
    const about = `invocation/${request}/`;
    if (error) await post(about + 'error', error).catch(() => process.exit(0));
    else await call('POST', about + 'response', reply, { 'Content-Type': 'application/json' }).catch(() => process.exit(0));
  }
}

main();
