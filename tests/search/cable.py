"""A network between a worker and a server: `python -m tests.search.cable PORT SERVER_PORT`.

A process that is stopped passes nothing on, and nobody hears of it: that is a cut.
"""

import asyncio
import contextlib
import sys


async def main(port: int, server: int) -> None:
    """Pass on what connections to one port say to the other, and back."""

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", server)
        await asyncio.gather(passed_on(reader, back), passed_on(there, writer))

    async with await asyncio.start_server(joined, "127.0.0.1", port) as here:
        await here.serve_forever()


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes, to the end."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
