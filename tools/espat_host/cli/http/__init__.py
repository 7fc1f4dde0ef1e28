"""`espat get` and its like: a request, where its body goes, what is told of it."""
