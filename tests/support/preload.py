"""What `tests.support.fork_server` imports once, so that its children find it there."""

import gc

import server.__main__
import server.demo
import server.documents.layout
import server.runtime  # noqa: F401

gc.collect()
gc.freeze()
