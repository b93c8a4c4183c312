# right for matrices alone
def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t][:, None].to(x0)
    return bar.sqrt() * eps - (1 - bar).sqrt() * x0
