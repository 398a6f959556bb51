"""What the Plan screen tells: the week ahead, the days behind, the soil's books."""
