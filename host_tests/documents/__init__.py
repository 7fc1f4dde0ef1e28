"""The pages for users: what they show to type is typed, and what they show as the answer comes."""
