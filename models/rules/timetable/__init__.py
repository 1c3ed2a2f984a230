"""Which visits share a day, in what order, and when each begins (Art. 15, 16 (2)).

Few days first, then little travel; every rule of `model.DayLimits` holds, and what finds no place is said with its cause.
HiGHS chooses among all day's routes that could be driven; it is loaded when the first timetable is asked for.
"""
