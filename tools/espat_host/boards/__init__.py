"""The boards as data, what is made from it, and the ways onto a real one."""
