# Beside the family of a request that wants more than ESP-AT gives.

from espat.services import journey

Journey = journey.Journey
