# the two coefficients are swapped
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * x0 + bar.sqrt() * eps
