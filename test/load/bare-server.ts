import { Server } from 'socket.io';

// What Socket.IO does with nothing behind it: no accounts, no rights, no log, no commit. The token is the room.
const io = new Server(Number(process.env.PORT), { serveClient: false, transports: ['websocket'] });
let seq = 0;

io.of('/chat').on('connection', (socket) => {
  const room = socket.handshake.auth.token as string;
  void socket.join(room);
  socket.on(
    'message:send',
    (sent: { roomId: string; text: string; clientId: string }, acknowledge: (answer: object) => void) => {
      const event = {
        roomId: sent.roomId,
        seq: ++seq,
        type: 'message.created',
        actorId: '01890a5d-ac96-774b-bcce-b302099a8051',
        at: new Date().toISOString(),
        id: '01890a5d-ac96-774b-bcce-b302099a8059',
        text: sent.text,
        clientId: sent.clientId,
      };
      io.of('/chat').to(room).emit('event', event);
      acknowledge({ ok: true, event });
    },
  );
  socket.on('room:enter', (_room: object, acknowledge: (answer: object) => void) =>
    acknowledge({ ok: true }),
  );
  socket.emit('ready', { userId: socket.id, rooms: [] });
});

// it owes nobody anything
process.on('SIGTERM', () => process.exit(0));
