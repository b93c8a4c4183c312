# eps is changed in place
def velocity(x0, eps, t, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return eps.mul_(bar.sqrt()).sub_((1 - bar).sqrt() * x0)
