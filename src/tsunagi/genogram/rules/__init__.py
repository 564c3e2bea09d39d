"""How a family is drawn: plain Python, values in, geometry and SVG out."""
