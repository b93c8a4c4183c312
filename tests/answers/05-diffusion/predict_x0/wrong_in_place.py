# xt is changed in place
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    xt -= (1 - bar).sqrt() * eps
    xt /= bar.sqrt()
    return xt
