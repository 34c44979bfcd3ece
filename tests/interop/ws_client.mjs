// Each line of the standard input is sent as a message; each message that comes is printed
// as a line after "< ". The end of the input closes, and the last line is the close code.

import { WebSocket } from "ws";

const socket = new WebSocket(process.argv[2]);

socket.on("open", () => {
  // Not node:readline, which also ends lines at U+2028, a character like any other in JSON.
  let unfinished = "";
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop();
    for (const line of lines) socket.send(line);
  });
  process.stdin.on("end", () => socket.close(1000));
});

socket.on("message", (message, isBinary) => {
  if (isBinary) throw new Error("a binary message came");
  console.log(`< ${message}`);
});

socket.on("close", (code) => {
  console.log(`closed ${code}`);
  process.stdin.destroy();
});
