"""The project as others have it: installed from a wheel, into an environment of its own."""
