"""Commands that are loaded when they are asked for: esptool, cryptography or a linker take longer
to load than most commands take to run."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from espat_host.cli.exit_codes import told_by_help


class OnDemand(MutableMapping[str, click.Command]):
    """What click.Group takes for its commands. `modules`: a command's name and the module of this
    wing that has it in its COMMANDS. Whoever goes through all of them loads all of them."""

    def __init__(self, modules: dict[str, str]) -> None:
        self._modules = modules
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            module = import_module(f"{__package__}.{self._modules[name]}")
            self[name] = next(command for command in module.COMMANDS if command.name == name)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        told_by_help(command, name)
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._modules, **self._loaded})

    def __len__(self) -> int:
        return len({**self._modules, **self._loaded})
