"""Settings of gunicorn, for every way in which the screens are served: `gunicorn --config python:dashboard.gunicorn_settings`.

Without PORT, which platforms set, only this machine is answered. WEB_CONCURRENCY sets the number of processes.
"""

from __future__ import annotations

import os

bind = f"0.0.0.0:{os.environ['PORT']}" if os.environ.get("PORT") else "127.0.0.1:8050"
worker_class = "dashboard.worker.BufferedWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
control_socket_disable = True
# Longer than the minute after which the routers of most platforms close a line that nobody uses, which is theirs to do.
keepalive = 75
# Connections that wait to be taken.
backlog = 1024
