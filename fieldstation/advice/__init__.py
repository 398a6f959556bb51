"""Advice for any field, and the forecasts of a station's zones."""
