"""How does what people sent get out safely: text that stays text, files that appear whole or not at all?"""
