# forgot to return
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    v = bar.sqrt() * eps - (1 - bar).sqrt() * x0
