# the weights that make all three the simple loss
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr[t]
    return {"eps": torch.ones_like(snr), "x0": snr, "v": schedule.alpha_bar[t]}[predicts]
