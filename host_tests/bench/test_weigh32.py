"""What modules weigh on a 32-bit heap. Weights of a row are exact but for some rounding: blocks of
16 bytes, texts of names in chunks of 128, tables that grow by steps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from espat_host.bench import weigh32
from espat_host.bench.micropython32 import Micropython32Error, find_node, run
from espat_host.bench.weigh32 import import_order, weigh
from espat_host.build import bytecode, firmware

pytestmark = pytest.mark.skipif(
    not find_node(), reason="MicroPython with 32-bit objects is not installed: make weigh"
)

ROUNDING = 256  # bytes


Files = dict[str, bytes]
Compile = Callable[[dict[str, str]], Files]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """From texts to .mpy, both by path below `lib`, the first without suffix."""

    def files(texts: dict[str, str]) -> Files:
        source, target = tmp_path / "module.py", tmp_path / "module.mpy"
        made = {}
        for path, text in texts.items():
            source.write_text(text)
            bytecode.compile_module(source, path.replace("/", "."), target)
            made[f"{path}.mpy"] = target.read_bytes()
        return made

    return files


def functions(first: str, second: str) -> str:
    return f"def {first}(x):\n    return x\n\n\ndef {second}(x):\n    return x\n"


SHORT, LONG = functions("fqa", "fqb"), functions("fqa" + 30 * "a", "fqb" + 30 * "b")


def test_order_of_weights(compiled: Compile) -> None:
    texts = {"mq1": "", "mq2": "", "mq3": SHORT, "mq4": LONG, "mq5": f"x = {bytes(1000)!r}\n"}
    files = compiled(texts)
    weights = weigh(files, texts)
    assert [weight.module for weight in weights] == list(texts)
    assert [weight.mpy for weight in weights] == [len(content) for content in files.values()]
    _, empty, short, long, constant = (weight.heap for weight in weights)
    assert 0 < empty < short < long < constant


def test_a_constant_costs_its_bytes(compiled: Compile) -> None:
    files = compiled({"mq1": "x = b'ab'\n", "mq2": f"x = {bytes(1000)!r}\n"})
    small, large = weigh(files, ["mq1", "mq2"])
    assert large.code - small.code == pytest.approx(1000, abs=ROUNDING)


def test_pointers_have_32_bits(compiled: Compile) -> None:
    files = compiled({"mq1": "x = [None]\n", "mq2": "x = [None] * 2001\n"})
    small, large = weigh(files, ["mq1", "mq2"])
    assert large.code - small.code == pytest.approx(4 * 2000, abs=ROUNDING)


def test_long_names_cost_their_letters(compiled: Compile) -> None:
    files = compiled({"mq1": SHORT, "mq2": LONG})
    short, long = weigh(files, ["mq1", "mq2"])
    assert short.names == long.names == 4  # the functions, the module, its path
    assert long.name_bytes - short.name_bytes == 2 * 30
    assert long.code == pytest.approx(short.code, abs=ROUNDING)


def test_a_name_counts_once(compiled: Compile) -> None:
    first, second = weigh(compiled({"mq1": LONG, "mq2": LONG}), ["mq1", "mq2"])
    assert (first.names, second.names) == (4, 2)


def test_names_of_the_chip_do_not_count(compiled: Compile) -> None:
    files = compiled({"mq1": "import network\nx = network.STAT_GOT_IP, network.STAT_IDLE\n"})
    assert weigh(files, ["mq1"])[0].names == 2


def test_weights_are_all_there_is(compiled: Compile) -> None:
    """Steps of the table of names are in no module's weight, and in the sum."""
    text = "".join(f"name_{n} = {n}\n" for n in range(100))
    files = compiled({"mq1": text, "mq2": text.replace("name", "other")})
    weights = weigh(files, ["mq1", "mq2"])
    ask = ["gc.collect()", "print(gc.mem_alloc())"]
    board = {f"lib/{path}": content for path, content in files.items()}
    before, after = map(int, run(board, [*ask, *ask, "import mq1, mq2", *ask])[1:])
    assert sum(weight.live for weight in weights) == pytest.approx(after - before, abs=ROUNDING)
    assert weights == weigh(files, ["mq1", "mq2"])


def test_what_a_module_needs_comes_before_it(compiled: Compile) -> None:
    package = {"pq/__init__": "", "pq/bq": "", "pq/cq": "import pq.bq, json\n"}
    files = compiled({"aq": "import pq.cq\n", "main": "1 / 0\n"} | package)
    assert import_order(files) == ["pq", "pq.bq", "pq.cq", "aq"]
    assert import_order(files, ["pq.bq"]) == ["pq", "pq.bq"]


def test_a_module_that_does_not_load(compiled: Compile) -> None:
    with pytest.raises(Micropython32Error, match="no module named 'nq'"):
        weigh(compiled({"mq1": "import nq\n"}), ["mq1"])


def test_the_firmware_loads() -> None:
    """The stubs have what its modules ask of a chip when they are imported."""
    folder = firmware.modules()
    done = CliRunner().invoke(weigh32.main, [str(folder), "espat.commands.http"])
    assert done.exit_code == 0, done.output
    assert "espat.services.exchange" in done.output
    modules = {f"lib/{path}": data for path, data in firmware.unit_files().items()}
    order = import_order(modules)
    assert len(order) == len(modules)
    assert min(weight.heap for weight in weigh(modules, order)) > 0
