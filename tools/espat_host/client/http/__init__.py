"""What a program gives for a request and gets from it: headers, uploads, sinks, answers."""
