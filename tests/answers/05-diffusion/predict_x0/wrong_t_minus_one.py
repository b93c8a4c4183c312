# tables are taken to begin with t = 1
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t - 1, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
