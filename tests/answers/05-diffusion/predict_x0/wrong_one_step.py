# the mean of x_{t-1} in place of x0
def predict_x0(xt, t, eps, schedule):
    return posterior_mean_from_eps(xt, t, eps, schedule)
