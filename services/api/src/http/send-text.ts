interface TextReply {
  header(name: string, value: string): unknown;
  send(payload: never): unknown;
}

/** Sends a text that is ready as it is, where the route describes its answer by a schema of another form. */
export function sendText(reply: TextReply, contentType: string, text: string): void {
  reply.header('content-type', contentType);
  reply.send(text as never);
}
