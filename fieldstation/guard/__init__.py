"""The process that owns every relay: is water allowed to flow now?"""
