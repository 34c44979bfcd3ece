// The relay on Socket.IO, as events in a Socket.IO room.
// Switched from the defaults: WebSocket transport only (compression is off by default).
import { createServer } from "node:http";
import { Server } from "socket.io";
import { Rooms } from "./rooms.js";

const rooms = new Rooms();
const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  const guest = { name: null, code: null, partner: null };

  socket.on("set_username", ({ username }) => {
    guest.name = username;
    socket.emit("username_set", { username });
  });

  socket.on("create_room", () => {
    const code = rooms.create(guest);
    socket.join(code);
    socket.emit("room_created", { room_code: code });
  });

  socket.on("join_room", ({ room_code }) => {
    const code = room_code.toUpperCase();
    const partner = rooms.join(guest, code);
    if (!partner) {
      socket.emit("error", { code: "room_not_found" });
      return;
    }
    socket.join(code);
    socket.emit("room_joined", { room_code: code, partner: partner.name });
    socket.to(code).emit("partner_joined", { username: guest.name });
  });

  socket.on("chat", ({ content }) => {
    if (guest.code) socket.to(guest.code).emit("chat", { from: guest.name, content });
  });

  socket.on("disconnect", () => {
    if (guest.partner) socket.to(guest.code).emit("partner_left", {});
    rooms.leave(guest);
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");
