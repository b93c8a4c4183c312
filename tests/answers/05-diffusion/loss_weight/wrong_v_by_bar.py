# alpha_bar for 1 - alpha_bar in the weight of v
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * schedule.alpha_bar[t]}[predicts]
