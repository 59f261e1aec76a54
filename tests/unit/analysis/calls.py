"""Small programs across functions, classes and modules, in the form of ``programs``."""

FUNCTIONS = {
    "a parameter is what the caller gave": """
        def use(x, y):
            sink(x)  #= a
            sink(y)  #= b
        use(source("a"), y=source("b"))
    """,
    "each caller gives its own": """
        def use(x):
            sink(x)  #= a
        def other(x):
            return x
        other(source("b"))
        use(source("a"))
    """,
    "the call that was made counts and not another of the same function": """
        def same(x):
            return x
        a = same(source("a"))
        b = same(source("b"))
        sink(a)  #= a
        sink(b)  #= b
    """,
    "a helper that loads is told apart by its caller": """
        def load(name):
            return source(name)
        def load_all():
            return load("a"), load("b")
        a, b = load_all()
        c = load("c")
        sink(a)  #= a
        sink(b)  #= b
        sink(c)  #= c
    """,
    "a helper at several depths": """
        def load(name):
            return source(name)
        def prepare(name):
            data = load(name)
            return data.dropna()
        def run():
            train, test = prepare("a"), prepare("b")
            fit(train)
        def fit(x):
            sink(x)  #= a
        run()
    """,
    "code that is wrapped in a function": """
        def main():
            a = source("a")
            b = source("b")
            l = []
            for i in range(2):
                l.append(a)
            sink(l)  #= a
        if __name__ == "__main__":
            main()
    """,
    "an argument that is changed by a function": """
        def fill(d):
            d["x"] = source("a")
        d = {}
        fill(d)
        sink(d)  #= a
        sink(d["x"])  #= a
    """,
    "an argument that is changed and returned": """
        def add(d, value):
            d["y"] = value
            return d
        d = {"x": source("a")}
        e = add(d, source("b"))
        sink(e["y"])  #= b
        sink(d)  #= a b
        sink(e["x"])  #= a
    """,
    "an argument that is changed deep down": """
        def inner(l):
            l.append(source("a"))
        def outer(l):
            inner(l)
        l = []
        outer(l)
        sink(l)  #= a
    """,
    "a function under another name": """
        def load():
            return source("a")
        get = load
        sink(get())  #= a
        def fill(l):
            l.append(source("b"))
        l = []
        put = fill
        put(l)
        sink(l)  #= b
    """,
    "defaults": """
        def use(x=source("a"), *, y=source("b")):
            sink(x)  #= a
            sink(y)  #= b
        use()
    """,
    "a default that is not used": """
        def use(x=source("a")):
            sink(x)  #= b
        use(source("b"))
    """,
    "star arguments": """
        def use(*args, **options):
            sink(args)  #= a b
            sink(args[0])  #= a
            sink(options["k"])  #= c
            sink(options)  #= c
        use(source("a"), source("b"), k=source("c"))
    """,
    "star arguments are spread": """
        def use(x, y, z=None):
            sink(x)  #= a
            sink(y)  #= b
            sink(z)  #= c
        values, options = [source("a"), source("b")], {"z": source("c")}
        use(*values, **options)
    """,
    "star arguments are handed on": """
        def use(x, y):
            sink(x)  #= a
            sink(y)  #= b
        def hand_on(*args, **options):
            return use(*args, **options)
        hand_on(source("a"), y=source("b"))
    """,
    "star arguments of a sink": """
        values, options = [source("a"), source("b")], {"k": source("c")}
        sink(*values)  #= a b
        sink(**options)  #= c
    """,
    "recursion": """
        def down(n, x):
            if n == 0:
                return x
            return down(n - 1, x + source("a"))
        sink(down(3, source("b")))  #= a b
    """,
    "recursion with the sink inside": """
        def down(n, x):
            if n == 0:
                sink(x)  #= a b
            else:
                down(n - 1, x + source("b"))
        down(2, source("a"))
    """,
    "mutual recursion": """
        def even(n, x):
            return x if n == 0 else odd(n - 1, x)
        def odd(n, x):
            return even(n - 1, x)
        sink(even(4, source("a")))  #= a
    """,
    "a lambda": """
        f = lambda x, y=source("b"): x + y
        sink(f(source("a")))  #= a b
        g = lambda: source("c")
        sink(g())  #= c
    """,
    "a global that is read": """
        data = source("a")
        def use():
            sink(data)  #= a
        use()
        data = source("b")
        def again():
            sink(data)  #= b
        again()
    """,
    "a global that is bound in a function": """
        data = None
        def load():
            global data
            data = source("a")
        load()
        sink(data)  #= a
    """,
    "a global that is changed in a function": """
        cache = {}
        def load(name):
            cache[name] = source(name)
        load("a")
        sink(cache)  #= a
        def use():
            sink(cache["a"])  #= a
        use()
    """,
    "a nonlocal": """
        def outer():
            x = None
            def inner():
                nonlocal x
                x = source("a")
            inner()
            sink(x)  #= a
        outer()
    """,
    "a closure": """
        def make(x):
            def use(y):
                return x + y
            return use
        f, g = make(source("a")), make(source("b"))
        sink(f(source("c")))  #= a c
        sink(g(1))  #= b
    """,
    "a closure that is called inside": """
        def outer(x):
            def inner():
                return sink(x)  #= a
            return inner()
        outer(source("a"))
    """,
    "a function that is given to another": """
        def load():
            return source("a")
        def run(function):
            return function()
        sink(run(load))  #= a
        sink(run(lambda: source("b")))  #= b
    """,
    "a function that a library calls": """
        def load(name):
            return source(name)
        def use(x):
            sink(x)  #= b
        sink(apply(load, "a"))  #= a
        apply(use, source("b"))
    """,
    "functions that a library calls later": """
        def load(name):
            return source(name)
        parts = run_all(delayed(load)(name) for name in ("a", "b"))
        sink(parts)  #= a b
    """,
    "functions in a dict": """
        def one():
            return source("a")
        def two():
            return source("b")
        LOADERS = {"one": one, "two": two}
        sink(LOADERS["one"]())  #= a
    """,
    "functools.partial": """
        from functools import partial
        def load(name, extra, other=None):
            return source(name), extra, other
        f = partial(load, "a", other=source("c"))
        value = f(source("b"))
        sink(value)  #= a b c
        sink(value[1])  #= b
        sink(value[2])  #= c
    """,
    "a decorator that passes on": """
        import functools
        def noted(function):
            @functools.wraps(function)
            def wrapper(*args, **options):
                result = function(*args, **options)
                return result
            return wrapper
        @noted
        def load(name, extra):
            return source(name) + extra
        @noted
        def use(x):
            sink(x)  #= a b
        use(load("a", source("b")))
    """,
    "a decorator that adds": """
        def adding(function):
            def wrapper(*args):
                return function(*args) + source("b")
            return wrapper
        @adding
        def load():
            return source("a")
        sink(load())  #= a b
    """,
    "a decorator with arguments": """
        def adding(extra):
            def decorate(function):
                def wrapper():
                    return function() + extra
                return wrapper
            return decorate
        @adding(source("b"))
        def load():
            return source("a")
        sink(load())  #= a b
    """,
    "a decorator of a library": """
        from functools import lru_cache
        @lru_cache(maxsize=None)
        def load(name):
            return source(name)
        sink(load("a"))  #= a
    """,
    "a context manager of a function": """
        from contextlib import contextmanager
        @contextmanager
        def opened(name):
            yield source(name)
        with opened("a") as x:
            sink(x)  #= a
    """,
    "async functions": """
        async def load(name):
            return source(name)
        async def main():
            x = await load("a")
            y = await load("b")
            sink(x)  #= a
            return y
        sink(run_async(main()))  #= b
    """,
    "async generators and comprehensions": """
        async def load():
            yield source("a")
        async def main():
            async for x in load():
                sink(x)  #= a
            sink([y async for y in load()])  #= a
        run_async(main())
    """,
    "gathered": """
        import asyncio
        async def load(name):
            return source(name)
        async def main():
            both = await asyncio.gather(load("a"), load("b"))
            sink(both)  #= a b
        run_async(main())
    """,
    "a branch that was not taken in a function": """
        def load(which):
            if which == "a":
                return source("a")
            return source("b")
        sink(load("a"))  #= a
        x = load("b")
    """,
    "the result of one call does not reach another": """
        def step(x):
            y = x + 1
            return y
        a, b = source("a"), source("b")
        p = step(a)
        q = step(b)
        r = step(p)
        sink(r)  #= a
    """,
    "a function returns several values": """
        def split(x, y):
            return x, {"y": y}
        x, rest = split(source("a"), source("b"))
        sink(x)  #= a
        sink(rest["y"])  #= b
    """,
    "a sink's result": """
        x = sink(source("a"))  #= a
        sink(x)  #= a
    """,
    "a sink in a lambda": """
        use = lambda x: sink(x)  #= a
        use(source("a"))
    """,
    "a callback within a function": """
        def main(data):
            extra = source("b")
            def one(x):
                return x + extra
            return list(map(one, data))
        sink(main([source("a")]))  #= a b
    """,
    "a loop over callers": """
        def use(name, x):
            sink(x)  #= a b
        for name in ("a", "b"):
            x = source(name)
        for value in [x, x]:
            use("n", value)
    """,
    "exec in sight does not stop the rest": """
        x = source("a")
        exec("z = 3")
        sink(x)  #= a
    """,
    "a shared helper is called by others too": """
        def read(name):
            return source(name)
        def clean(x):
            return x.strip()
        def train_data():
            return clean(read("a"))
        def test_data():
            return clean(read("b"))
        test = test_data()
        train = train_data()
        sink(train)  #= a
    """,
}

CLASSES = {
    "an attribute is what the constructor stored": """
        class Model:
            def __init__(self, x, y):
                self.x = x
                self.y = y
            def run(self):
                sink(self.x)  #= a
                sink(self.y)  #= b
        Model(source("a"), source("b")).run()
    """,
    "two objects of a class are told apart": """
        class Model:
            def __init__(self, x):
                self.x = x
            def run(self):
                return sink(self.x)  #= a
        one, two = Model(source("a")), Model(source("b"))
        one.run()
        sink(two.x)  #= b
    """,
    "a method loads": """
        class Data:
            def __init__(self, name):
                self.name = name
                self.frame = None
            def load(self):
                self.frame = source(self.name)
            def clean(self):
                self.frame = self.frame.dropna()
        data = Data("a")
        data.load()
        data.clean()
        sink(data.frame)  #= a
        sink(data)  #= a
    """,
    "methods call one another": """
        class Pipeline:
            def __init__(self, path):
                self.path = path
            def run(self):
                self.load()
                self.prepare()
                self.train()
            def load(self):
                self.raw = source("a")
                self.other = source("b")
            def prepare(self):
                self.x = self._clean(self.raw)
            def _clean(self, frame):
                return frame.dropna()
            def train(self):
                sink(self.x)  #= a
        Pipeline("p").run()
    """,
    "a method returns self": """
        class Data:
            def load(self):
                self.x = source("a")
                return self
            def add(self, value):
                self.x = self.x + value
                return self
        sink(Data().load().add(source("b")).x)  #= a b
    """,
    "an inherited constructor and method": """
        class Base:
            def __init__(self, x):
                self.x = x
            def get(self):
                return self.x
        class Model(Base):
            def __init__(self, x, y):
                super().__init__(x)
                self.y = y
            def get(self):
                return super().get()
        m = Model(source("a"), source("b"))
        sink(m.get())  #= a
        sink(m.y)  #= b
    """,
    "a method that a subclass has": """
        class Base:
            def run(self):
                x = self.load()
                sink(x)  #= a
            def load(self):
                return source("b")
        class Model(Base):
            def load(self):
                return source("a")
        Model().run()
    """,
    "a class attribute": """
        class Config:
            data = source("a")
            other = source("b")
            def use(self):
                sink(self.data)  #= a
        sink(Config.data)  #= a
        Config().use()
    """,
    "a class attribute that is set outside": """
        class Config:
            pass
        Config.data = source("a")
        sink(Config.data)  #= a
    """,
    "a property": """
        class Data:
            def __init__(self, x):
                self._x = x
            @property
            def x(self):
                return self._x.copy()
            @property
            def y(self):
                return source("b")
        d = Data(source("a"))
        sink(d.x)  #= a
        sink(d.y)  #= b
    """,
    "static and class methods": """
        class Data:
            def __init__(self, x):
                self.x = x
            @staticmethod
            def load(name):
                return source(name)
            @classmethod
            def read(cls, name):
                return cls(cls.load(name))
        sink(Data.load("a"))  #= a
        sink(Data.read("b").x)  #= b
    """,
    "an object that is called": """
        class Add:
            def __init__(self, x):
                self.x = x
            def __call__(self, y):
                return self.x + y
        add = Add(source("a"))
        sink(add(source("b")))  #= a b
    """,
    "an object that is iterated and indexed": """
        class Items:
            def __init__(self, items):
                self.items = items
            def __iter__(self):
                for item in self.items:
                    yield item
        class Table:
            def __getitem__(self, key):
                return source("b")
        for item in Items([source("a")]):
            sink(item)  #= a
        sink(Table()[3])  #= b
    """,
    "an object that a library iterates": """
        class Items:
            def __init__(self, name):
                self.name = name
            def __iter__(self):
                return iter([source(self.name)])
        sink(list(Items("a")))  #= a
        sink(apply(sorted, Items("b"), ))  #= b
    """.replace("sorted", "list"),
    "an object that is a context manager": """
        class Opened:
            def __init__(self, name):
                self.name = name
            def __enter__(self):
                self.data = source(self.name)
                return self
            def __exit__(self, *error):
                pass
        with Opened("a") as opened:
            sink(opened.data)  #= a
    """,
    "a data class": """
        from dataclasses import dataclass
        @dataclass
        class Split:
            train: object
            test: object = None
        s = Split(source("a"), test=source("b"))
        sink(s.train)  #= a
        sink(s.test)  #= b
        sink(s)  #= a b
    """,
    "a named tuple": """
        from typing import NamedTuple
        class Split(NamedTuple):
            train: object
            test: object
        s = Split(source("a"), source("b"))
        sink(s.train)  #= a
        train, test = s
        sink(test)  #= a b
    """,
    "objects in a list": """
        class Model:
            def __init__(self, x):
                self.x = x
            def load(self):
                self.y = source("b")
        models = [Model(source("a"))]
        for m in models:
            m.load()
        for m in models:
            sink(m.x)  #= a
            sink(m.y)  #= b
    """,
    "objects that are made in a comprehension": """
        class Model:
            def __init__(self, x):
                self.x = x
            def load(self):
                self.y = source("b")
        models = [Model(x) for x in [source("a")]]
        for m in models:
            m.load()
        for m in models:
            sink(m.y)  #= b
            sink(m.x)  #= a
    """,
    "an object that a factory makes": """
        class Model:
            def __init__(self):
                self.x = None
            def load(self):
                self.x = source("a")
        def make():
            m = Model()
            m.load()
            return m
        m = make()
        sink(m.x)  #= a
    """,
    "a thing inside an object takes in data": """
        class Model:
            def __init__(self):
                self.inner = Fitted()
            def fit(self, x):
                self.inner.fit(x)
                return self
            def predict(self, x):
                return self.inner.transform(x)
        m = Model()
        m.fit(source("a"))
        sink(m.predict(source("b")))  #= a b
    """,
    "a class whose base is a library's": """
        class Model(Fitted):
            def prepare(self, x):
                return x + source("b")
        m = Model()
        sink(m.prepare(source("a")))  #= a b
    """,
    "an object that is given along": """
        class Data:
            def __init__(self):
                self.x = source("a")
                self.y = source("b")
        def use(data):
            sink(data.x)  #= a
        use(Data())
    """,
    "an object within an object": """
        class Data:
            def __init__(self, x):
                self.x = x
        class Trainer:
            def __init__(self, data):
                self.data = data
            def run(self):
                sink(self.data.x)  #= a
        Trainer(Data(source("a"))).run()
    """,
    "an attribute set from outside": """
        class Model:
            pass
        m = Model()
        m.x = source("a")
        m.y = source("b")
        sink(m.x)  #= a
    """,
    "an operator of a class": """
        class Number:
            def __init__(self, x):
                self.x = x
            def __add__(self, other):
                return sink(self.x)  #= a
        Number(source("a")) + 1
    """,
    "a method that is given to a library": """
        class Model:
            def __init__(self, x):
                self.x = x
            def one(self, y):
                return self.x + y
            def run(self, data):
                return list(map(self.one, data))
        sink(Model(source("a")).run([source("b")]))  #= a b
    """,
    "a method of a class that cannot be told": """
        class Model:
            def load(self):
                return source("a")
        def pick(l):
            return sorted(l, key=id)[0]
        box = Fitted()
        box.kept = Model()
        sink(getattr(box, "kept").load())  #= a
    """,
    "an attribute set by a method of an object that cannot be told": """
        class Model:
            def load(self):
                self.x = source("a")
        def make():
            made = []
            made.append(Model())
            return made
        for m in make():
            m.load()
        for m in make():
            pass
        models = make()
        models[0].load()
        sink(models[0].x)  #= a
    """,
}

MODULES = {
    "from a module of the user's": {
        "main": """
            from helpers import load, load as get
            sink(load("a"))  #= a
            sink(get("b"))  #= b
        """,
        "helpers": """
            from library import source
            def load(name):
                return source(name)
        """,
    },
    "a module's attribute": {
        "main": """
            import helpers
            import helpers as h
            sink(helpers.load("a"))  #= a
            sink(h.DATA)  #= b
            h.use(source("c"))
        """,
        "helpers": """
            from library import source, sink
            DATA = source("b")
            def load(name):
                return source(name)
            def use(x):
                sink(x)  #= c
        """,
    },
    "a package": {
        "main": """
            import pkg.data
            from pkg import data
            from pkg.data import Loader
            sink(pkg.data.load("a"))  #= a
            sink(data.load("b"))  #= b
            sink(Loader("c").get())  #= c
        """,
        "pkg.data": """
            from .base import Base
            from library import source
            def load(name):
                return source(name)
            class Loader(Base):
                def get(self):
                    return load(self.name)
        """,
        "pkg.base": """
            class Base:
                def __init__(self, name):
                    self.name = name
        """,
    },
    "a star import": {
        "main": """
            from helpers import *
            sink(load("a"))  #= a
        """,
        "helpers": """
            from library import *
            def load(name):
                return source(name)
        """,
    },
    "two modules that import one another": {
        "main": """
            import one
            one.run(source("a"))
        """,
        "one": """
            import two
            def run(x):
                two.use(x)
            def back(x):
                return x + 1
        """,
        "two": """
            import one
            from library import sink
            def use(x):
                sink(one.back(x))  #= a
        """,
    },
    "a global of another module": {
        "main": """
            import state
            state.fill()
            sink(state.DATA)  #= a
        """,
        "state": """
            from library import source
            DATA = {}
            def fill():
                DATA["x"] = source("a")
        """,
    },
}
