"""Small programs, each with what its sinks rest on in comments: ``sink(x)  #= a b``."""

STATEMENTS = {
    "a name carries what it was given last": """
        x = source("a")
        x = source("b")
        sink(x)  #= b
    """,
    "what is read and not used does not count": """
        unused = source("a")
        x = source("b")
        unused.head()
        sink(x)  #= b
    """,
    "a chain of names is followed": """
        a = source("a")
        b = a
        c = b + 1
        d = [c]
        sink(d)  #= a
    """,
    "both branches that may have run count where both ran": """
        for flag in (True, False):
            if flag:
                x = source("a")
            else:
                x = source("b")
            y = x
        sink(y)  #= a b
    """,
    "a branch that was not taken does not count": """
        x = source("a")
        if len([1]) > 3:
            x = source("b")
        sink(x)  #= a
    """,
    "a loop carries values from one turn to the next": """
        a, b, c = source("a"), 0, 0
        for _ in range(3):
            c = b
            b = a
        sink(c)  #= a
    """,
    "a while loop with a break": """
        x = 0
        while True:
            x = x + source("a")
            if x is not None:
                break
            x = source("b")
        sink(x)  #= a
    """,
    "a loop's else": """
        for i in range(2):
            x = source("a")
        else:
            x = source("b")
        sink(x)  #= b
    """,
    "a tuple is taken apart element by element": """
        a, b = source("a"), source("b")
        sink(a)  #= a
        sink(b)  #= b
    """,
    "a nested tuple is taken apart": """
        (a, (b, c)) = source("a"), (source("b"), source("c"))
        sink(a)  #= a
        sink(b)  #= b
        sink(c)  #= c
    """,
    "two names are swapped": """
        a, b = source("a"), source("b")
        a, b = b, a
        sink(a)  #= b
        sink(b)  #= a
    """,
    "a starred target takes the rest": """
        first, *rest, last = source("a"), source("b"), source("c"), source("d")
        sink(first)  #= a
        sink(rest)  #= b c
        sink(rest[0])  #= b
        sink(last)  #= d
    """,
    "a starred target of a name": """
        values = [source("a"), source("b"), source("c")]
        first, *rest = values
        sink(first)  #= a
        sink(rest[0])  #= a b c
    """,
    "several targets": """
        x = y = source("a")
        sink(x)  #= a
        sink(y)  #= a
    """,
    "an annotated assignment": """
        x: object = source("a")
        y: int
        sink(x)  #= a
    """,
    "an augmented assignment adds": """
        x = source("a")
        x += source("b")
        sink(x)  #= a b
    """,
    "an augmented assignment of a part adds": """
        d = {"k": source("a")}
        d["k"] += source("b")
        sink(d["k"])  #= a b
    """,
    "a deleted name is bound anew": """
        x = source("a")
        del x
        x = source("b")
        sink(x)  #= b
    """,
    "a walrus binds where it stands": """
        y = (x := source("a")) + 1
        sink(x)  #= a
        sink((z := source("b")), z)  #= b
    """,
    "a walrus in a test": """
        if (x := source("a")) is not None:
            sink(x)  #= a
        while (y := source("b")) is not None:
            break
        sink(y)  #= b
    """,
    "a walrus in a comprehension binds outside": """
        z = [last := value for value in [source("a")]]
        sink(last)  #= a
    """,
    "a conditional expression is either value and not its test": """
        x = source("a") if source("b") else source("c")
        sink(x)  #= a
    """,
    "an f-string": """
        x = f"{source('a')} and {1:{2}}"
        sink(Value() if x else 0)  #=
        sink(f"{source('b')}")  #= b
    """,
    "code after a return or raise is dead": """
        def f():
            x = source("a")
            return x
            x = source("b")
        sink(f())  #= a
    """,
    "with gives what its manager is": """
        with source("a") as x, source("b") as y:
            sink(x)  #= a
        sink(y)  #= b
    """,
    "try with its handler": """
        try:
            x = source("a")
            raise ValueError
        except ValueError as error:
            x = x + source("b")
        sink(x)  #= a b
    """,
    "a handler sees every state of the body": """
        x = source("a")
        try:
            x = source("b")
            y = int("no")
            x = source("c")
        except ValueError:
            pass
        sink(x)  #= a b
    """,
    "try with else and finally": """
        try:
            x = source("a")
        except ValueError:
            x = source("b")
        else:
            x = x + source("c")
        finally:
            y = source("d")
        sink(x)  #= a c
        sink(y)  #= d
    """,
    "match captures": """
        match {"k": source("a"), "l": source("b")}:
            case {"k": x, **others}:
                sink(x)  #= a
    """,
    "match takes sequences apart": """
        match [source("a"), source("b"), source("c")]:
            case [x]:
                sink(x)  #= a
            case [x, *rest] as whole:
                sink(x)  #= a
                sink(whole)  #= a b c
    """,
    "match on classes and alternatives": """
        from types import SimpleNamespace
        match SimpleNamespace(x=source("a"), y=source("b")):
            case int(value) | str(value):
                pass
            case SimpleNamespace(x=value, y=1):
                pass
            case SimpleNamespace(x=value):
                sink(value)  #= a
    """,
    "a call on several lines": """
        x = (
            source(
                "a"
            )
            .method(
                1,
            )
            .other()
        )
        sink(
            x,
        )  #= a
    """.replace("sink(\n            x,\n        )", "sink(x)"),
    "several statements on one line": """
        x = source("a"); y = source("b"); sink(x)  #= a
    """,
    "a call in a call": """
        x = apply(max, source("a"), 3) if False else source("a").join(source("b"))
        sink(x)  #= a b
    """,
    "text that is not ASCII stands before": """
        x = ("äöü€", source("a")); y = ("日本", source("b"))[1]; sink(y)  #= b
    """,
    "import does not bring the writes of others": """
        import library as pl
        pl.run_all([])
        pl.sink(source("a"))  #= a
        x = pl.apply(max, 1, 2)
        sink(x)  #=
    """,
    "what chooses chance is not followed": """
        rng = source("a")
        sink(source("b").shuffled(random_state=None and rng))  #= b
    """,
    "an index rests on what chooses it": """
        x = source("a")
        sink(x[source("b")])  #= a b
    """,
    "a slice of a call's own result": """
        x = source("a")
        x = x.dropna().head(3)
        x = x[x > 3].copy()
        sink(x)  #= a
    """,
}

ALIASES = {
    "a loop over frames changes each by what it holds itself": """
        one, two = source("a"), source("b")
        frames = [one, two]
        for frame in frames:
            frame["x"] = frame["y"] + 1
            frame["z"] = frame["x"].map({}).fillna(frame["y"].median())
        sink(one)  #= a
        sink(two)  #= b
        sink(frames)  #= a b
    """,
    "so it does in a tuple, with names that are bound anew after": """
        one = source("a")
        two = source("b")
        for frame in (one, two):
            if len(frame) > 1:
                frame["x"] = frame["y"]
        one = one.drop("y")
        sink(one)  #= a
        two = two.drop("y")
        sink(two)  #= b
    """,
    "what was computed in the same turn is of the same frame": """
        one, two = source("a"), source("b")
        for frame in [one, two]:
            middle = frame["y"].median()
            frame["y"] = frame["y"].fillna(middle)
        sink(one)  #= a
        sink(two)  #= b
    """,
    "what was computed in an earlier turn can be of another": """
        one, two = source("a"), source("b")
        total = 0
        for frame in [one, two]:
            frame["before"] = total
            total = total + frame["y"]
        sink(two)  #= a b
    """,
    "other frames go in as before": """
        one, two, three = source("a"), source("b"), source("c")
        for frame in [one, two]:
            frame["x"] = frame["y"] + three["y"]
        sink(one)  #= a c
        sink(two)  #= b c
    """,
    "a function that changes what it is given changes one frame": """
        def clean(table):
            table["x"] = table["y"] + 1

        one, two = source("a"), source("b")
        for frame in [one, two]:
            clean(frame)
        sink(one)  #= a
        sink(two)  #= b
    """,
    "a loop in a function does as well": """
        def clean(one, two):
            for frame in [one, two]:
                frame["x"] = frame["y"] + 1
            return one, two

        a, b = clean(source("a"), source("b"))
        sink(a)  #= a
        sink(b)  #= b
    """,
    "what is written by the frame's own name in the loop is of any turn": """
        one, two = source("a"), source("b")
        for frame in [one, two]:
            one["x"] = frame["y"]
        sink(one)  #= a b
        sink(two)  #= b
    """,
    "a function that is given a list of frames changes each by itself": """
        def clean(frames):
            for frame in frames:
                frame["x"] = frame["y"] + 1
            return frames

        one, two = clean([source("a"), source("b")])
        sink(one)  #= a
        sink(two)  #= b
    """,
    "frames under keys are changed each by itself": """
        frames = {"one": source("a"), "two": source("b")}
        for name, frame in frames.items():
            frame["x"] = frame["y"] + 1
        for frame in frames.values():
            frame["z"] = frame["x"] + 1
        sink(frames["one"])  #= a
        sink(frames["two"])  #= b
    """,
    "a list made anew has each element of its own": """
        one, two = source("a"), source("b")
        one, two = [frame.assign(x=frame["y"]) for frame in (one, two)]
        sink(one)  #= a
        sink(two)  #= b
    """,
    "so has one of a user's function, in pairs with other things": """
        def clean(frame, name):
            frame = frame.rename(name)
            return frame

        names = ["x", "y"]
        one, two = [clean(f, n) for f, n in zip([source("a"), source("b")], names)]
        sink(one)  #= a
        sink(two)  #= b
    """,
    "a dictionary made anew has each value of its own": """
        frames = {"one": source("a"), "two": source("b")}
        frames = {name: frame.head() for name, frame in frames.items()}
        sink(frames["one"])  #= a
        sink(frames["two"])  #= b
    """,
    "a list that leaves elements out has them at other places": """
        frames = [source("a"), source("b"), source("c")]
        one, two = [frame for frame in frames if len(frame) > 1][1:]
        sink(one)  #= a b c
    """,
    "a dictionary with other keys can have any value": """
        frames = {"one": source("a"), "two": source("b")}
        turned = {{"one": "two", "two": "one"}[name]: frame for name, frame in frames.items()}
        sink(turned["one"])  #= a b
    """,
    "one of two by a condition": """
        one, two = source("a"), source("b")
        for flag in (True, False):
            frame = one if flag else two
            frame["x"] = frame["y"]
        sink(one)  #= a
        sink(two)  #= b
    """,
}

OBJECTS = {
    "a store under a key is in the whole": """
        d = {}
        d["a"] = source("a")
        sink(d)  #= a
    """,
    "constant keys are told apart": """
        d = {"x": source("a"), "y": source("b")}
        d["z"] = source("c")
        sink(d["x"])  #= a
        sink(d["z"])  #= c
        sink(d.get("y"))  #= b
        sink(d)  #= a b c
    """,
    "a key is overwritten": """
        d = {"x": source("a")}
        d["x"] = source("b")
        sink(d["x"])  #= b
    """,
    "a key that is not known may be any": """
        d = {"x": source("a"), "y": source("b")}
        key = "x"
        sink(d[key], d["y"])  #= a b
    """,
    "a store under a key that is not known may be any": """
        d = {"x": source("a")}
        for key in ("x",):
            d[key] = d[key] + source("b")
        sink(d["x"])  #= a b
    """,
    "of two objects one is changed": """
        a, b = {"x": source("a")}, {"x": source("b")}
        d = b if len([1]) == 1 else a
        d["x"] = source("c")
        sink(a["x"])  #= a c
        sink(b["x"])  #= b c
        sink(d["x"])  #= a b c
    """,
    "several columns are told apart": """
        d = Frame({"x": source("a"), "y": source("b"), "z": source("c")})
        d = Frame()
        d["x"], d["y"], d["z"] = source("a"), source("b"), source("c")
        sink(d[["x", "y"]])  #= a b
        sink(d.loc[:, ["y", "z"]])  #= b c
        sink(d.loc[:, "x"])  #= a
    """,
    "attributes are told apart": """
        from types import SimpleNamespace
        n = SimpleNamespace(x=source("a"))
        n.y = source("b")
        sink(n.x)  #= a
        sink(n.y)  #= b
    """,
    "setattr is a store": """
        from types import SimpleNamespace
        n = SimpleNamespace()
        setattr(n, "x", source("a"))
        sink(n.x)  #= a
    """,
    "a list grows": """
        l = []
        l.append(source("a"))
        l.extend([source("b")])
        l.insert(0, source("c"))
        l += [source("d")]
        sink(l)  #= a b c d
    """,
    "a dict is updated": """
        d = {}
        d.update({"x": source("a")}, y=source("b"))
        d.setdefault("z", source("c"))
        sink(d["x"])  #= a
        sink(d["y"])  #= b
        sink(d["z"])  #= c
    """,
    "an alias shares the object": """
        a = []
        b = a
        b.append(source("a"))
        sink(a)  #= a
        a.append(source("b"))
        sink(b)  #= a b
    """,
    "a copy does not share the object": """
        a = [source("a")]
        b = a.copy()
        b.append(source("b"))
        sink(a)  #= a
        sink(b)  #= a b
    """,
    "an element that is taken out shares the object": """
        d = {"x": [], "y": []}
        x = d["x"]
        x.append(source("a"))
        sink(d["x"])  #= a
        sink(d["y"])  #=
    """,
    "what replaces an element does not change what was taken out": """
        d = {"x": source("a")}
        x = d["x"]
        d["x"] = source("b")
        sink(x)  #= a
    """,
    "a selection is a copy": """
        d = source("a")
        part = d[["x", "y"]]
        part["z"] = source("b")
        sink(part)  #= a b
    """,
    "a loop over frames changes each": """
        train, test = {"x": source("a")}, {"x": source("b")}
        for frame in [train, test]:
            frame["y"] = source("c")
        sink(train)  #= a c
        sink(test["y"])  #= c
        sink(test["x"])  #= b
    """,
    "a loop over a list of frames changes each": """
        train, test = {"x": source("a")}, {"x": source("b")}
        both = [train, test]
        for frame in both:
            frame["y"] = source("c")
        sink(train)  #= a c
        sink(test)  #= b c
        sink(both)  #= a b c
    """,
    "what a list holds changes with its elements": """
        x = {}
        l = [x]
        x["k"] = source("a")
        sink(l)  #= a
        sink(l[0]["k"])  #= a
    """,
    "a thing that is fitted has taken in its data": """
        f = Fitted()
        f.fit(source("a"))
        sink(f.transform(source("b")))  #= a b
    """,
    "a thing that is fitted where its result is used": """
        f = Fitted()
        train = f.fit_transform(source("a"))
        sink(f.transform(source("b")))  #= a b
        sink(train)  #= a
    """,
    "a method whose result is used leaves its object": """
        a = source("a")
        merged = a.merge(source("b"))
        sink(a)  #= a
        sink(merged)  #= a b
    """,
    "a source that is a method does not change its object": """
        import library
        sink(library.source("a"))  #= a
        sink(library.source("b"))  #= b
    """,
    "a new object in each turn": """
        for name in ("a", "b"):
            l = []
            l.append(source("c"))
        l = []
        sink(l)  #=
    """,
    "an object of an earlier turn is not read": """
        for turn in range(2):
            l = []
            sink(l)  #=
            l.append(source("a"))
    """,
    "elements of elements": """
        d = {"train": {"x": source("a")}, "test": {"x": source("b")}}
        d["train"]["y"] = source("c")
        sink(d["train"])  #= a c
        sink(d["test"])  #= b
        sink(d["train"]["x"])  #= a
    """,
    "items of a dict": """
        d = {"x": source("a"), "y": source("b")}
        for key, value in d.items():
            sink(value)  #= a b
        for value in d.values():
            sink(value)  #= a b
    """,
    "zip and enumerate keep apart what they join": """
        xs, ys = [source("a")], [source("b")]
        for x, y in zip(xs, ys):
            sink(x)  #= a
            sink(y)  #= b
        for n, x in enumerate(xs):
            sink(x)  #= a
            sink(n)  #=
        for n, (x, y) in enumerate(zip(xs, ys)):
            sink(y)  #= b
    """,
    "sorting may move an element anywhere": """
        l = [source("a"), source("b")]
        sink(list(reversed(l))[0])  #= a b
        sink(next(iter(l)))  #= a b
    """,
    "a rebound name leaves its object": """
        a = [source("a")]
        b = a
        a = []
        a.append(source("b"))
        sink(b)  #= a
    """,
    "a list that is kept in a dict": """
        d = {}
        d.setdefault("x", []).append(source("a"))
        d["y"] = []
        d["y"].append(source("b"))
        sink(d)  #= a b
        sink(d["y"])  #= b
    """,
    "spread displays": """
        a, b = [source("a")], {"x": source("b"), "y": source("c")}
        sink([*a, 1])  #= a
        sink({**b, "x": source("d")}["x"])  #= b d
        sink({**b}["y"])  #= c
    """,
    "rows and columns of a frame": """
        d = Frame(source("a"))
        d.loc[0, "x"] = source("b")
        sink(d)  #= a b
        sink(d["x"])  #= a b
        sink(d["y"])  #= a
        sink(d.values)  #= a b
    """,
}

SERIES = {
    "a comprehension": """
        l = [x + 1 for x in [source("a")]]
        sink(l)  #= a
        sink({k: v for k, v in [("x", source("b"))]})  #= b
        sink({x for x in [source("c")]})  #= c
    """,
    "a comprehension's name is its own": """
        x = source("a")
        l = [x for x in [source("b")]]
        sink(x)  #= a
        sink(l)  #= b
    """,
    "nested comprehensions": """
        k = source("a")
        l = [[x + y + k for x in row] for row in [[source("b")]] for y in [source("c")]]
        sink(l)  #= a b c
    """,
    "a source in a comprehension": """
        l = [source(name) for name in ("a", "b")]
        sink(l)  #= a b
    """,
    "a sink in a comprehension": """
        k = source("b")
        x = [sink(x + k) for x in [source("a")]]  #= a b
    """,
    "a generator expression that is consumed later": """
        unused = source("z")
        g = (source(name) for name in ("a", "b"))
        for x in g:
            y = x
        sink(y)  #= a b
    """,
    "a lazy generator expression with names that are bound later": """
        g = (x + y for x in [source("a")])
        y = source("b")
        sink(list(g))  #= a b
    """,
    "a generator expression that is consumed at once": """
        y = source("a")
        l = list(x + y for x in [1])
        y = source("b")
        sink(l)  #= a
    """,
    "a chain of lazy generators": """
        names = ["a", "b"]
        raw = (source(name) for name in names)
        clean = (x + 1 for x in raw)
        pairs = ((n, x) for n, x in enumerate(clean))
        for n, x in pairs:
            y = x
        sink(y)  #= a b
    """,
    "a generator function": """
        def load(names):
            for name in names:
                yield source(name)
        for x in load(["a"]):
            sink(x)  #= a
    """,
    "a generator that is made here and consumed there": """
        def load(name):
            yield source(name)
        def use(values):
            for value in values:
                sink(value)  #= a
        other = load("b")
        g = load("a")
        use(g)
    """,
    "of two generators only the one that is consumed counts": """
        def load(name):
            yield source(name)
        one, two = load("a"), load("b")
        x = list(one)
        y = list(two)
        sink(y)  #= b
    """,
    "yield from": """
        def inner():
            yield source("a")
        def outer():
            yield from inner()
            yield source("b")
        sink(list(outer()))  #= a b
        sink(next(iter(outer())))  #= a
    """,
    "a generator yields pairs": """
        def load():
            yield source("a"), source("b")
        for x, y in load():
            sink(x)  #= a
            sink(y)  #= b
    """,
    "map and filter with a lambda": """
        l = list(map(lambda x: x + source("a"), [source("b")]))
        sink(l)  #= a b
        sink(list(filter(lambda x: x, [source("c")])))  #= c
    """,
    "sum over a generator": """
        sink(sum((x for x in [source("a"), source("b")]), 0))  #= a b
    """,
}
