"""What the field needs: quality, verdict and the ladder of deciding. Pure."""
