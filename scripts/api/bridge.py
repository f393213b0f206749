"""Carries TCP connections of this machine to a Unix socket, for clients that know no such sockets.

Writes the port it listens on to standard output and runs until it is ended.
"""

import asyncio
import sys

PIECE_BYTES_MAX = 65_536


async def carry(reader, writer):
    try:
        while piece := await reader.read(PIECE_BYTES_MAX):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(socket):
    async def connected(reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(socket)
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


try:
    asyncio.run(main(sys.argv[1]))
except KeyboardInterrupt:
    pass
