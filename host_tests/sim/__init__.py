"""The stage of all the others: the simulated board, the local world, the player of dialogues."""
