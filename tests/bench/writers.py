"""One process of ten threads that write as fast as they can; prints its longest wait (s) and how often it wrote.

python -m tests.bench.writers DATABASE SECONDS
"""

import sys
import threading
import time

from sqlalchemy import insert

from society.db import Version, begin_write, db
from society.factory import create_app

THREADS = 10


def main(database: str, seconds: float) -> None:
    """Write until the time is over."""
    app = create_app({"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "bench"})
    waits: list[float] = []
    end = time.perf_counter() + seconds

    def write(thread: int) -> None:
        with app.app_context():
            while (began := time.perf_counter()) < end:
                begin_write()
                waits.append(time.perf_counter() - began)
                db.session.execute(insert(Version).values(key=f"{time.monotonic_ns()}-{thread}-{id(app)}", number=1))
                db.session.commit()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(max(waits), len(waits))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
