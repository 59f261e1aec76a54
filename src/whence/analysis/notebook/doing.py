"""What a running cell does to the heap: names bound, objects changed, parts stored."""

from __future__ import annotations

from whence.analysis.notebook.heap import UNDEFINED, Thing
from whence.analysis.notebook.looking import Looking, Seen
from whence.analysis.notebook.unit import (
    ALIAS,
    BIND,
    CLASS,
    DELETE,
    FUNCTION,
    MODULE,
    RESET,
    STORE,
    WEAK,
    Call,
    Effect,
    Late,
)


class Doing(Looking):
    """The writing side of a run of a cell; see `Replay`."""

    def _effect(self, effect: Effect) -> None:
        names, kind, name = self._heap.names, effect.kind, effect.name
        if kind == BIND:
            version = self._heap.versions.of((self._made, name))
            thing = names[name] = Thing(version, self._by, self._late(effect), self._unit)
            thing.same = self._settled
            self.trace.versions.append(version)
        elif kind == MODULE:
            thing = names[name] = Thing(
                self._heap.versions.of(("module", self._unit, name)), self._by, None, self._unit
            )
            thing.is_module = True
        elif kind == RESET:
            names.clear()
        elif kind == WEAK:
            self._weak(effect)
        elif kind == ALIAS:
            self._alias(effect)
        elif kind == DELETE and effect.key is None:
            names.pop(name, None)
        else:
            self._change(effect)

    def _late(self, effect: Effect) -> Late | None:
        if effect.late is not None or not effect.maker:
            return effect.late
        maker = self._heap.names.get(effect.maker)
        if maker is not None and maker.late is not None and maker.late.kind == CLASS:
            return maker.late
        return None

    def _weak(self, effect: Effect) -> None:
        """A name that the statement may bind."""
        names, name, key = self._heap.names, effect.name, (self._made, effect.name)
        learned = self._learned.bound
        if not self._strict and self._bound is not None:
            if name in self._bound:
                learned[key] = True
            else:  # one that is not there was not bound; one that is may have got the same again
                learned.setdefault(key, False if name not in names else None)
        did = learned.get(key)
        if key in learned and not did:
            self.trace.versions.append(UNDEFINED)
            if did is None and name not in names:
                version = self._heap.versions.of((self._made, name))
                names[name] = Thing(version, self._by, self._late(effect), self._unit)
            return
        thing = names.get(name)
        if key not in learned:
            if thing is not None and thing.same == self._made:
                thing.by = thing.touched[self._unit] = self._by
                self.trace.versions.append(thing.base)
                return
            before = UNDEFINED if thing is None else self._heap.version(thing)
            version = self._heap.versions.of(("weak", self._made, name, before))
        else:
            version = self._heap.versions.of((self._made, name))
        names[name] = Thing(version, self._by, self._late(effect), self._unit)
        names[name].same = self._made
        self.trace.versions.append(version)

    def _alias(self, effect: Effect) -> None:
        names, source = self._heap.names, effect.source
        assert source is not None
        thing = names.get(source.name)
        if thing is None:
            self.trace.versions.append(self._unknown(source))
            made: object = ("alias", UNDEFINED, source.key)
            names[effect.name] = Thing(self._heap.versions.of(made), self._by, unit=self._unit)
            return
        self.trace.versions.append(self._look(source, thing))
        if source.key is None or thing.is_module:
            names[effect.name] = thing
            return
        is_attribute = source.key.startswith(".")
        key = source.key.lstrip(".")
        if not is_attribute or (thing.parts and key in thing.parts):
            names[effect.name] = self._heap.part(thing, key)
            return
        made = ("attribute", self._heap.version(thing), key)
        names[effect.name] = Thing(self._heap.versions.of(made), self._by, unit=self._unit)

    def _change(self, effect: Effect) -> None:
        thing = self._heap.names.get(effect.name)
        if thing is None or thing.is_module:
            return
        heap, key = self._heap, effect.key
        if effect.kind == STORE and key is not None:
            part = heap.names.get(effect.source.name) if effect.source is not None else None
            if part is None or part is thing:
                part = Thing(heap.versions.of((self._made, "part", key)), self._by)
                part.same = self._settled
            if thing.by != self._by:
                self.trace.seen.append(Seen(effect.name, key, part.base, thing.by))
            self.trace.versions.append(heap.version(part))
            heap.store(thing, key, part, self._by, self._unit)
            return
        if effect.kind == DELETE and key is not None:
            gone = Thing(heap.versions.of(("gone", key)), self._by)
            heap.store(thing, key, gone, self._by, self._unit)
            return
        late = thing.late
        if late is not None and late.kind == CLASS and effect.maker in late.known:
            return  # its own code says what the method does
        self._mutate(effect.name, thing, key, effect.how)

    def _mutate(self, name: str, thing: Thing, key: str | None, how: str) -> None:
        heap = self._heap
        if key is not None and (
            not key.startswith(".") or (thing.parts and key[1:] in thing.parts)
        ):
            target = heap.part(thing, key.lstrip("."))
        else:
            target = thing
        if target.by != self._by:
            version = heap.version(target)
            self.trace.seen.append(Seen(name, key, version, target.by))
        self.trace.versions.append(heap.change(target, self._made, self._by, how, self._unit))
        if target is not thing:
            thing.touched[self._unit] = self._by

    def _called(self, call: Call) -> None:
        thing = self._heap.names.get(call.name)
        late = None if thing is None else thing.late
        if late is None or thing is None:
            return
        if late.kind == CLASS and call.method in late.methods:
            self._mutate(call.name, thing, None, "")
        elif late.kind == FUNCTION and not call.method:
            for where, name in call.arguments:
                other = self._heap.names.get(name)
                if where in late.parameters and other is not None and not other.is_module:
                    self._mutate(name, other, None, "")
