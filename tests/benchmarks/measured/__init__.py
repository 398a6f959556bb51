"""Forecasts, soil water and yields on measured fields, against simple rivals."""
