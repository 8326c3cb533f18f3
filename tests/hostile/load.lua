-- expect: refused load
load("return 1")()
