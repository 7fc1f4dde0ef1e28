"""What each name in a module means: its own, another module's, MicroPython's, or a function's own.

A module's tree comes out with every name of ours spelled `module:name`, and every name in the body
of a class `.name`, which is what it is: an attribute. So the linker can put statements of several
modules into one text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
OURS = ":"
ATTRIBUTE = "."


class LinkError(Exception):
    """The source does something that cannot be linked; the message names module and line."""


class Later(ast.stmt):
    """An import of ours in a function: `needs` are the symbols it brings."""

    needs: set[str]


@dataclass
class Statement:
    """One statement at the top of a module. `needs`: the symbols, `module:name`, without which it
    cannot run; `later`: the imports in it; `foreign`: the imports of MicroPython's modules that it
    stands on, by the name they give."""

    module: str
    node: ast.stmt
    binds: list[str] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)
    later: list[Later] = field(default_factory=list)
    foreign: dict[str, str] = field(default_factory=dict)

    def symbols(self) -> set[str]:
        return {f"{self.module}{OURS}{name}" for name in self.binds}


class Module:
    """One module: what the names at its top mean, and its statements."""

    def __init__(self, name: str, text: str, modules: Mapping[str, str]) -> None:
        self.name = name
        self.tree = ast.parse(text)
        self._modules = modules
        self.means: dict[str, str] = {}  # name: "module:name", or "module" for a whole module
        self.foreign: dict[str, str] = {}  # name: the import that gives it
        self.imports: list[str] = []  # our modules that are imported at the top, in order
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
            else:
                self.means |= {one: f"{name}{OURS}{one}" for one in _bound(node)}

    def imported(self, node: ast.ImportFrom) -> Iterator[tuple[str, str]]:
        """(name, what it means) of an import of ours."""
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            target = whole if whole in self._modules else f"{node.module}{OURS}{alias.name}"
            yield alias.asname or alias.name, target

    def is_ours(self, node: ast.stmt) -> bool:
        if not isinstance(node, ast.ImportFrom):
            return False
        wholes = [f"{node.module}.{alias.name}" for alias in node.names]
        return node.module in self._modules or any(one in self._modules for one in wholes)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom) and self.is_ours(node):
            for name, target in self.imported(node):
                self.means[name] = target
                self.imports.append(target.partition(OURS)[0])
            return
        for alias in node.names:
            origin = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            self.foreign[alias.asname or alias.name] = f"{origin}import {ast.unparse(alias)}"


def statements(modules: Mapping[str, Module]) -> Iterator[Statement]:
    """All statements of all modules, their names spelled out."""
    for module in modules.values():
        for node in module.tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
                yield _Resolver(modules, module, node).statement


def _bound(node: ast.AST) -> list[str]:
    """The names that a statement binds, in the scope it stands in."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return [node.name]
    found = [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []
    if isinstance(node, ast.ExceptHandler) and node.name:
        found.append(node.name)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        found.extend(alias.asname or alias.name for alias in node.names)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _SCOPES) or isinstance(child, _FUNCTIONS):
            found.extend(_bound(child))
    return found


def _locals(scope: ast.AST) -> set[str]:
    """The names of a function's or a comprehension's own."""
    if isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
        arguments = scope.args
        every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
        names = {arg.arg for arg in [*every, arguments.vararg, arguments.kwarg] if arg}
        body = scope.body if isinstance(scope.body, list) else []
        return names | {name for node in body for name in _bound(node)}
    return {name for part in scope.generators for name in _bound(part.target)}  # type: ignore[attr-defined]


class _Resolver(ast.NodeTransformer):
    """Spells the names of one statement out."""

    def __init__(self, modules: Mapping[str, Module], module: Module, node: ast.stmt) -> None:
        self._modules, self._module = modules, module
        self._scopes: list[set[str]] = []
        self._classes: list[set[str]] = []
        self._later: dict[str, tuple[str, set[str]]] = {}  # names of imports in functions
        self.statement = Statement(module.name, node, _bound(node))
        if not self.statement.binds and not _is_text(node):
            raise self._wrong(node, "does something when it is imported")
        self.statement.node = self.visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._known(node, node.id) or node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name):
            whole = self._whole_module(node.value.id)
            if whole:
                module, symbols = whole
                return self._reference(node, f"{module}{OURS}{node.attr}", symbols)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.bases = [self.visit(base) for base in node.bases]
        self._name(node)
        self._classes.append({name for one in node.body for name in _bound(one)})
        node.body = [self.visit(one) for one in node.body]
        self._classes.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._enter(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._enter(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._inside(node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_Lambda  # type: ignore[assignment]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if not self._module.is_ours(node):
            return node
        later = ast.copy_location(Later(), node)
        later.needs = set()
        for name, target in self._module.imported(node):
            self._later[name] = (target, later.needs)
        self.statement.later.append(later)
        return later

    def _enter(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        arguments = node.args
        arguments.defaults = [self.visit(one) for one in arguments.defaults]
        arguments.kw_defaults = [one and self.visit(one) for one in arguments.kw_defaults]
        self._name(node)
        if not self._scopes:
            self._later = {}
        classes, self._classes = self._classes, []  # not to be seen from a function
        self._scopes.append(_locals(node))
        node.body = [self.visit(one) for one in node.body]
        self._scopes.pop()
        self._classes = classes
        return node

    def _inside(self, node: ast.AST) -> ast.AST:
        classes, self._classes = self._classes, []
        self._scopes.append(_locals(node))
        self.generic_visit(node)
        self._scopes.pop()
        self._classes = classes
        return node

    def _name(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """What a definition is called from now on; one in a function keeps its name."""
        if self._classes:
            node.name = ATTRIBUTE + node.name
        elif not self._scopes:
            node.name = self._module.means[node.name]

    def _known(self, node: ast.Name, name: str) -> ast.AST | None:
        if self._classes and name in self._classes[-1]:
            return ast.copy_location(ast.Name(ATTRIBUTE + name, node.ctx), node)
        if name in self._later:
            target, symbols = self._later[name]
            return self._symbol(node, name, target, symbols)
        if any(name in scope for scope in self._scopes):
            return None
        if name in self._module.means:
            return self._symbol(node, name, self._module.means[name], self.statement.needs)
        if name in self._module.foreign:
            self.statement.foreign[name] = self._module.foreign[name]
        return None

    def _symbol(self, node: ast.Name, name: str, target: str, symbols: set[str]) -> ast.expr:
        if OURS not in target:
            raise self._wrong(node, f"the module {name} is used as a value")
        return self._reference(node, target, symbols)

    def _whole_module(self, name: str) -> tuple[str, set[str]] | None:
        """(module, where its symbols are noted) if a name stands for one of ours."""
        if name in self._later:
            target, symbols = self._later[name]
            return None if OURS in target else (target, symbols)
        if any(name in scope for scope in self._scopes):
            return None
        target = self._module.means.get(name, "")
        return (target, self.statement.needs) if target and OURS not in target else None

    def _reference(self, node: ast.expr, target: str, symbols: set[str]) -> ast.expr:
        """The node as the symbol that `target` means in the end: a name that the other module
        imports, too, is the one that it means there."""
        before = ""
        while before != target:
            module, _, name = target.partition(OURS)
            before, target = target, self._modules[module].means.get(name, "")
            if OURS not in target:
                raise self._wrong(node, f"{module} has no {name}")
        symbols.add(target)
        context = node.ctx  # type: ignore[attr-defined]
        return ast.copy_location(ast.Name(target, context), node)

    def _wrong(self, node: ast.AST, what: str) -> LinkError:
        return LinkError(f"{self._module.name}:{getattr(node, 'lineno', 0)}: {what}")


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
