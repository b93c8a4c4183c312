# the square root of 1 - alpha_bar is missing
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar) * eps) / bar.sqrt()
