"""The version of Whence, as segments and the command line name it."""

VERSION = "0.1.0"
