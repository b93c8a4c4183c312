# the weights of eps and x0 have changed places
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"eps": w, "x0": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
