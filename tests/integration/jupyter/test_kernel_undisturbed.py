"""A kernel with Whence sends what it sends without, and its programs behave alike."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.kernel import LOAD, Answer, Kernel, kernel

pytestmark = pytest.mark.xdist_group("kernel")

CELLS = [
    "print('a'); import sys; print('b', file=sys.stderr); 1",
    "from IPython.display import display, HTML, clear_output, Markdown, Image, JSON\n"
    "display(HTML('<b>x</b>'), Markdown('# y'), JSON({'a': [1]}))\n"
    "display(Image(data=b'\\x89PNG....', format='png'))",
    "handle = display('first', display_id='known')\nhandle.update('second')\n"
    "clear_output(wait=True)",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import ipywidgets as widgets\n"
    "slider = widgets.IntSlider(value=3)\nout = widgets.Output()\n"
    "with out:\n    print('inside')\ndisplay(slider, out)\nslider.value = 5",
    "import sys\nfor n in range(5):\n    sys.stdout.write(f'\\r{n}/5')\n    sys.stdout.flush()",
    "from tqdm import tqdm\nfor n in tqdm(range(3), mininterval=0, ascii=True, "
    "bar_format='{n}/{total}'): pass",
    "def f(n):\n    return 1 / n\n\nf(0)",
    "open('not there.csv')",
    "pd.read_csv('not there.csv')",
    "x = = 1",
    "import nothing_of_this_name",
    "raise SystemExit(1)",
    "raise KeyboardInterrupt",
    "%timeit -n1 -r1 pass",
    "%%capture caught\nprint('not shown')",
    "caught.stdout",
    "!echo shell && exit 3",
    "%%bash\necho out; echo err >&2",
    "%%bash\nexit 4",
    "import warnings\nwarnings.warn('look out')",
    "import asyncio\nawait asyncio.sleep(0)",
    "async def g():\n    raise ValueError('within')\nawait g()",
    "import os\nos.write(1, b'by descriptor\\n')\nsys.stdout.flush()",
    "len?",
    "_, __, len(In), sorted(n for n in globals() if not n.startswith('_'))",
    "import threading\nt = threading.Thread(target=print, args=('by thread',))\n"
    "t.start(); t.join()",
    "import logging; logging.warning('logged')",
    "sys.stdout.write, sys.stdout.flush, sys.displayhook, get_ipython().display_pub.publish",
    "get_ipython().display_pub.publish({'text/plain': 'raw'}, {})",
    "%xmode Plain",
    "1 / 0",
    "%xmode Verbose",
    "f(0)",
    "",
    "# only a comment",
    "input('asks')",
]


def published(answer: Answer) -> list[Any]:
    """What was sent, without what differs between any two kernels; the streams' text joined."""
    told: list[Any] = []
    for message in answer.messages:
        kind, content = message["msg_type"], dict(message["content"])
        if kind == "stream" and told and told[-1][:2] == ["stream", content["name"]]:
            told[-1][2] += content["text"]
        elif kind == "stream":
            told.append(["stream", content["name"], content["text"]])
        else:
            told.append([kind, content, message["metadata"], len(message["buffers"])])
    reply = {k: v for k, v in answer.reply.items() if k != "engine_info"}
    return [without_ids([told, reply])]


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {without_ids(key): without_ids(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_ids(inner) for inner in value]
    if isinstance(value, str):
        value = re.sub(r"[0-9a-f]{8}[0-9a-f-]{24,}(_\d+)*", "ID", value)
        value = value.replace("work-True", "work-False")
        value = re.sub(r"ipykernel_\d+|0x[0-9a-f]+", "N", value)
        return re.sub(r"[\d.]+ (ns|[µμ]s|ms|s)\b", "T", value)
    return value


def run_all(running: Kernel) -> list[list[Any]]:
    return [published(running.run(source, f"cell-{n}")) for n, source in enumerate(CELLS)]


def test_every_message_and_traceback_is_as_in_a_bare_kernel(tmp_path: Path) -> None:
    found = []
    for load in ("", LOAD):
        with kernel(tmp_path / f"work-{bool(load)}", load=load) as running:
            found.append(run_all(running))
            running.manager.shutdown_kernel(now=False)
    bare, recorded = found
    for source, left, right in zip(CELLS, bare, recorded, strict=True):
        assert (source, right) == (source, left)


def test_what_a_cell_deletes_is_gone_while_it_runs_on(tmp_path: Path) -> None:
    with kernel(tmp_path / "work") as running:
        running.run("import weakref\nclass Big: pass\nbig = Big()\nseen = weakref.ref(big)")
        assert running.run("del big\nseen() is None").result == "True"
