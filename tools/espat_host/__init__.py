"""The PC side of espat: a client for AT ports, a simulated board, a local world, and a demo."""
