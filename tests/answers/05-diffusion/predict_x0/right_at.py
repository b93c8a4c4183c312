def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar) ** 0.5 * eps) / bar**0.5
