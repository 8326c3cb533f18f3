-- Must end with an error: the global pcall does not exist.
pcall(error)
