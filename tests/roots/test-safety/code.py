print("<b>")
