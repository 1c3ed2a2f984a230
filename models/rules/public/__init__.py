"""公开的说法: each sentence said in public follows from what the rows hold, and from nothing else (Art. 8, 14, 16).

One room a surface: a result, a draw, a plan, a letter, a record sheet, what a verification proved. Each has a frozen
value of facts, one function, and a frozen value of what may be said; pages and papers word it and decide nothing.
"""
